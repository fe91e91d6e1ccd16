/** Code blocks of the documents, as a reader would copy them. */
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** The block that follows the comment with a file's name. */
export const blockOf = (page: string, name: string): string => {
  const text = readFileSync(path.join(import.meta.dirname, '..', page), 'utf8')
  const from = text.indexOf(`<!-- ${name} -->\n\`\`\``)
  if (from < 0) throw new Error(`${page} has no block for ${name}`)
  const begin = text.indexOf('\n', text.indexOf('```', from)) + 1
  return text.slice(begin, text.indexOf('\n```', begin) + 1)
}
