/** What the page makes of an event stream's text (dashboard/src/desk/sse-parser.ts), by the rules of the HTML standard. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SseParser, type SseMessage } from '../../dashboard/src/desk/sse-parser.ts'

const readAll = (parts: readonly string[], parser = new SseParser()): readonly SseMessage[] => parts.flatMap((part) => [...parser.take(part)])

describe('an event stream', () => {
  test('gives the messages of the standard’s own examples', () => {
    expect(readAll(['data: YHOO\ndata: +2\ndata: 10\n\n'])).toEqual([{ type: 'message', data: 'YHOO\n+2\n10' }])
    expect(readAll([': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n'])).toEqual([
      { type: 'message', data: 'first event' },
      { type: 'message', data: 'second event' },
      { type: 'message', data: ' third event' },
    ])
    expect(readAll(['data\n\ndata\ndata\n\ndata:'])).toEqual([{ type: 'message', data: '' }, { type: 'message', data: '\n' }])
    expect(readAll(['data:test\n\ndata: test\n\n'])).toEqual([{ type: 'message', data: 'test' }, { type: 'message', data: 'test' }])
  })

  test('names the type of one message, and of no other; a type without data is none', () => {
    expect(readAll(['event: transition\ndata: a\n\ndata: b\n\nevent: reset\n\ndata: c\n\n'])).toEqual([{ type: 'transition', data: 'a' }, { type: 'message', data: 'b' }, { type: 'message', data: 'c' }])
  })

  test('keeps the colons of a value, and leaves fields alone that it does not know', () => {
    expect(readAll(['data: {"at":"12:30:00"}\nunknown: x\nDATA: y\n\n'])).toEqual([{ type: 'message', data: '{"at":"12:30:00"}' }])
  })

  test('has the id of the newest whole message, also of one without data; an id with a NUL in it is none', () => {
    const parser = new SseParser()
    readAll(['id: 7\ndata: a\n\nid: 8\ndata: b\n'], parser)
    expect(parser.lastId).toBe('7')
    readAll(['\nid: 9\n\n'], parser)
    expect(parser.lastId).toBe('9')
    readAll(['id: 1\0\ndata: c\n\n'], parser)
    expect(parser.lastId).toBe('9')
    readAll(['id\ndata: d\n\n'], parser)
    expect(parser.lastId).toBe('')
  })

  test('says how long to wait, in digits and nothing else', () => {
    const parser = new SseParser()
    expect(parser.retryMs).toBe(1_000)
    readAll(['retry: 2500\n\n', 'retry: -1\n', 'retry: 3s\n', 'retry:\n\n'], parser)
    expect(parser.retryMs).toBe(2_500)
  })

  test('reads the same however its text is cut, with either end of a line', () => {
    const line = fc.constantFrom('data: a', 'data:b', 'data', 'event: transition', 'id: 4', 'id', ': alive', 'retry: 5', 'data: x:y', '', '')
    const text = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')), { maxLength: 40 }).map((lines) => lines.map(([words, end]) => words + end).join(''))
    fc.assert(
      fc.property(text, fc.array(fc.nat(200), { maxLength: 20 }), (whole, cuts) => {
        const at = [...cuts.map((cut) => Math.min(cut, whole.length)), 0, whole.length].sort((a, b) => a - b)
        const parts = at.slice(1).map((end, index) => whole.slice(at[index], end))
        const [one, many] = [new SseParser(), new SseParser()]
        expect(readAll(parts, many)).toEqual(readAll([whole], one))
        expect([many.lastId, many.retryMs]).toEqual([one.lastId, one.retryMs])
        expect(readAll([whole], new SseParser())).toEqual(readAll([whole.replaceAll('\r\n', '\n').replaceAll('\r', '\n')]))
      }),
    )
  })

  test('that comes back goes on after its last id, without the half of a message that was cut off', () => {
    const parser = new SseParser()
    readAll(['id: 3\ndata: whole\n\nid: 4\nevent: transition\ndata: ha'], parser)
    parser.begin()
    expect(parser.lastId).toBe('3')
    expect(readAll(['data: next\n\n'], parser)).toEqual([{ type: 'message', data: 'next' }])
    expect(parser.lastId).toBe('3')
    parser.forgetId()
    expect(parser.lastId).toBe('')
  })

  test('is refused when an event has no end', () => {
    const parser = new SseParser()
    expect(() => Array.from({ length: 40 }, () => readAll(['x'.repeat(100_000)], parser))).toThrow('no end')
    const other = new SseParser()
    expect(() => Array.from({ length: 40 }, () => readAll([`data: ${'x'.repeat(100_000)}\n`], other))).toThrow('no end')
  })
})
