import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { closingLine } from './tests/support/closing-line.ts'

/** Suites that need a real Kafka or a real Redis are named so, wherever they stand. */
const SERVICES = 'tests/**/*.services.test.ts'

const cores = availableParallelism()

export default defineConfig({
  test: {
    reporters: ['default', closingLine()],
    projects: [
      {
        test: {
          name: 'pure',
          include: ['tests/**/*.test.ts'],
          exclude: [SERVICES],
          testTimeout: 10_000,
          maxWorkers: cores,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'services',
          include: [SERVICES],
          globalSetup: ['tests/support/services-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // One broker and one Redis serve all; the faults measure time, so nothing runs beside them.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
