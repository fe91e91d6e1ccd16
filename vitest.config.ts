import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { defineConfig } from 'vitest/config'

/** Folders whose files take minutes: begun first, so that none of them runs on alone at the end. */
const slow = ['test/recovery/', 'test/app/', 'test/browser/', 'test/simulation/', 'test/http/']

const rank = ({ moduleId }: TestSpecification): number => {
  const found = slow.findIndex((folder) => moduleId.includes(folder))
  return found < 0 ? slow.length : found
}

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/page.setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // More than two cores can compute: the longest tests mostly wait, for processes, sockets and clocks.
    maxWorkers: 3,
    sequence: { sequencer: SlowFirst },
  },
})
