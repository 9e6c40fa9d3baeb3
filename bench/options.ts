/** Flags of `npm run bench -- …`. */
import { parseArgs } from 'node:util'
import { STAGES } from './stage.ts'
import type { StageName } from './stage.ts'

export type Options = Readonly<{
  records: number
  merchants: number
  partitions: number
  seed: number
  /** The stages one after another, so many times. */
  rounds: number
  stages: readonly StageName[]
  /** Records of the trade that each of the idiomatic forms is given. */
  perBatch: number
  perMessage: number
  isProfiled: boolean
  jsonFile: string | undefined
}>

const FULL = { records: 1_000_000, merchants: 50_000, perBatch: 200_000, perMessage: 50_000 }
const QUICK = { records: 100_000, merchants: 5_000, perBatch: 20_000, perMessage: 5_000 }

const USAGE = `usage: npm run bench -- [flags]

  --records N      default 1000000; two for each merchant set it up, the rest is trade
  --merchants N    default 50000
  --partitions N   default 4
  --seed N         default 7
  --rounds N       default 1; of several the median is shown, and the range
  --stages A,B     only these of: ${STAGES.join(' ')}
  --quick          100000 records of 5000 merchants: to see whether it works
  --profile        one more round of the service, sampled; its five largest costs
  --json FILE      all figures

FOREWARN_TEST_KAFKA=host:port and FOREWARN_TEST_REDIS=redis://… name servers to use; without them a
Kafka and a Redis of its own are started.
`

/** Undefined: help was asked for, or a flag is wrong; both were said on stderr. */
export function readOptions(args: readonly string[]): Options | undefined {
  try {
    return optionsOf(args)
  } catch (error) {
    const why = error instanceof Error && error.message !== '' ? `bench: ${error.message}\n\n` : ''
    process.stderr.write(why + USAGE)
    return undefined
  }
}

function optionsOf(args: readonly string[]): Options {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ records: text, merchants: text, partitions: text, seed: text, rounds: text },
      ...{ stages: text, json: text },
      ...{ quick: flag, profile: flag, help: flag },
    },
  })
  if (values.help) throw new Error('')
  const size = values.quick ? QUICK : FULL
  const whole = (name: 'records' | 'merchants' | 'partitions' | 'seed' | 'rounds', or: number) => {
    const value = Number(values[name] ?? or)
    if (!Number.isSafeInteger(value) || value < 1)
      throw new Error(`--${name} is a whole number from 1`)
    return value
  }
  return {
    records: whole('records', size.records),
    merchants: whole('merchants', size.merchants),
    partitions: whole('partitions', 4),
    seed: whole('seed', 7),
    rounds: whole('rounds', 1),
    stages: stagesOf(values.stages),
    perBatch: size.perBatch,
    perMessage: size.perMessage,
    isProfiled: values.profile,
    jsonFile: values.json,
  }
}

function stagesOf(names: string | undefined): readonly StageName[] {
  const wanted = names?.split(',') ?? STAGES
  const unknown = wanted.find((name) => !(STAGES as readonly string[]).includes(name))
  if (unknown !== undefined) throw new Error(`there is no stage ${unknown}`)
  return STAGES.filter((stage) => wanted.includes(stage))
}
