/** Stories of the account (docs/machines/account.md). */
import { expect, test } from 'vitest'
import { money } from '../../src/domain/decimal.ts'
import type { AccountContext, AccountEvent } from '../../src/machines/account/account-context.ts'
import { accountMachine } from '../../src/machines/account/account-machine.ts'
import { Story, type Step } from './story.ts'
import { testTable } from './total-table.ts'

const policy = { rounds: 3, forMs: 1_000 }
const usd = (total: string, booked = '0'): AccountEvent => ({ type: 'compared', policy, assets: [{ asset: 'USD', total: money(total), booked: money(booked), unit: money('0.01') }] })

/** B1, after every step: what came from outside changes only with a word to a person. */
const invariants = ({ before, after, effects }: Step<AccountContext>): void => {
  const changed = JSON.stringify(before.context.external) !== JSON.stringify(after.context.external)
  expect(effects.some(({ type }) => type === 'alert'), 'B1: booked as external only with an alert, and the reverse').toBe(changed)
  expect(effects.every(({ type }) => type === 'alert'), 'B4: a witness does nothing').toBe(true)
}

const account = () => new Story<AccountContext>({ machine: accountMachine, at: 1_000, invariants })
const opened = () => account().on(usd('1000')).becomes('agreed')

test('the first comparison is the opening, fills of before included (B3)', () => {
  account().on(usd('900', '-100')).becomes('agreed').knows({ opening: { USD: money('1000') }, external: {} })
})

test('fills explain what changes', () => {
  opened().on(usd('939.5', '-60.5')).becomes('agreed').on(usd('1001.2', '1.2')).becomes('agreed').knows({ external: {} })
})

test('a difference that goes away was a fill on its way (B2)', () => {
  opened().on(usd('939.5')).becomes('differing').wait(5_000).on(usd('939.5', '-60.5')).becomes('agreed').knows({ external: {}, doubt: null })
})

test('a difference that changes is doubted anew: neither often nor long enough (B2)', () => {
  const story = opened()
  for (const total of ['990', '980', '970', '960']) story.wait(2_000).on(usd(total)).becomes('differing').knows({ external: {} })
})

test('the same difference, often and long enough, is booked as external and told (B1, FS-22)', () => {
  const story = opened().on(usd('1500')).wait(500).on(usd('1500')).becomes('differing').wait(400).on(usd('1500')).becomes('differing').wait(200).on(usd('1500')).becomes('agreed')
  story.does('alert balance.external').knows({ external: { USD: money('500') }, doubt: null })
  story.on(usd('1500')).becomes('agreed').does().on(usd('1439.5', '-60.5')).becomes('agreed')
})

test('less than the smallest unit is rounding', () => {
  opened().on(usd('1000.009')).becomes('agreed').on(usd('999.991')).becomes('agreed').on(usd('1000.01')).becomes('differing')
})

const context = (over: Partial<AccountContext> = {}): AccountContext => ({ opening: { USD: money('1000') }, external: {}, comparedAt: 5, doubt: null, ...over })

testTable<'unopened' | 'agreed' | 'differing', AccountEvent>('account', {
  machine: accountMachine,
  contextOf: (state) => (state === 'differing' ? context({ doubt: { since: 1, rounds: 1, differences: { USD: money('500') } } }) : context()),
  eventOf: () => ({ ...usd('1500'), at: 10 }),
  table: { unopened: { compared: 'agreed' }, agreed: { compared: 'differing' }, differing: { compared: 'stays' } },
})
