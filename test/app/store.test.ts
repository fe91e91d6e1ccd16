/** What is shown of a store's address never holds a password (src/app/store.ts, I13). */
import { expect, test } from 'vitest'
import { placeOf } from '../../src/app/store.ts'

test.each([
  ['postgres://desk:S3cret@db.local:5432/nightdesk', 'db.local:5432/nightdesk'],
  ['postgres://:S3cret@db.local/nightdesk', 'db.local/nightdesk'],
  ['postgres://desk:S3cret%40Part@db.local/nightdesk', 'db.local/nightdesk'],
  ['postgres://db.local/nightdesk?user=desk&password=S3cret', 'db.local/nightdesk'],
  ['postgres://desk:pa/S3cret@db.local/nightdesk', 'an address that cannot be read'],
])('%s', (url, shown) => {
  expect(placeOf(url)).toBe(shown)
})
