/** The bench's own work, with tiny counts: that it is done, and comes out as figures. How fast it was is nobody's verdict. */
import { describe, expect, test } from 'vitest'
import { keepsAim, median, quantile, ratioOf, type Figure } from '../../bench/figure.ts'
import { measures } from '../../bench/measures.ts'
import { slopeOf } from '../../bench/support/slope.ts'

const longestMs = 120_000

describe('every measure does its work and gives finite figures', () => {
  test.each(measures)('$name', async (measure) => {
    const figures = await measure.run('tiny')
    expect(figures.length).toBeGreaterThan(0)
    for (const figure of figures) {
      expect(figure.value, figure.measure).toSatisfy(Number.isFinite)
      if (figure.against !== undefined) expect(ratioOf(figure), `${figure.measure} against ${figure.against.what}`).toSatisfy((ratio: number) => Number.isFinite(ratio) && ratio > 0)
    }
  }, longestMs)

  test('no two measures share a name, by which one is asked for', () => {
    expect(new Set(measures.map(({ name }) => name)).size).toBe(measures.length)
  })
})

describe('a figure', () => {
  const figure: Figure = { measure: 'm', value: 30, unit: 'ms', against: { what: 'ms', value: 20 }, aim: { atMost: 1.5 } }

  test('is held to its aim by its ratio where it has a yardstick, and by its value where it has none', () => {
    expect(keepsAim(figure)).toBe(true)
    expect(keepsAim({ ...figure, value: 31 })).toBe(false)
    expect(keepsAim({ measure: 'm', value: 30, unit: 'ms', aim: { atLeast: 31 } })).toBe(false)
    expect(keepsAim({ measure: 'm', value: 30, unit: 'ms' })).toBeUndefined()
  })

  test('of many values is told by the value at a share of them', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(quantile([4, 1, 3, 2], 0.99)).toBe(4)
    expect(median([])).toBeNaN()
  })

  test('of growth is the slope of the line through all points, whatever order they come in', () => {
    const points = [{ time: 0, value: 10 }, { time: 2, value: 16 }, { time: 1, value: 13 }]
    expect(slopeOf(points)).toBeCloseTo(3)
    expect(slopeOf([...points, { time: 1, value: 43 }])).toBeCloseTo(3)
    expect(slopeOf([{ time: 1, value: 7 }, { time: 2, value: 7 }])).toBe(0)
  })
})
