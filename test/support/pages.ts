/** Reads the pages that say which test holds which promise. */
/** The page's paragraph on one invariant. */
export const paragraphOf = (page: string, id: string): string => {
  const [, rest = ''] = page.split(`- **${id}** `)
  return rest.split(/\n(?:- \*\*|\n)/)[0] ?? ''
}

/** Pairs of file and quoted test name that a paragraph says hold it. */
export const holdersOf = (paragraph: string): readonly { readonly file: string; readonly name: string }[] => {
  const [, held = ''] = paragraph.split('*Held by:*')
  return [...held.matchAll(/`(test\/[^`]+)`: ((?:"[^"]+"(?:,\s+)?)+)/g)].flatMap(([, file = '', names = '']) =>
    [...names.matchAll(/"([^"]+)"/g)].map(([, name = '']) => ({ file, name: name.replaceAll(/\s+/g, ' ') })),
  )
}
