/** How long, with what, and from which seed. */
import { parseArgs } from 'node:util'

export type ChaosOptions = Readonly<{
  minutes: number
  seed: number
  brokers: 1 | 3
  /** Names begin with one of these; undefined: all. */
  faults: readonly string[] | undefined
  /** Nothing but a rolling restart every so often. */
  isRolling: boolean
  perSecond: number
  partitions: number
  /** `clock.grace` of the instances. */
  grace: string
  /** Whether the log is damaged at the end, to see that it is noticed. */
  hasLastPhase: boolean
  jsonFile: string | undefined
}>

export const DEFAULTS: Omit<ChaosOptions, 'seed'> = {
  minutes: 5,
  brokers: 1,
  faults: undefined,
  isRolling: false,
  perSecond: 1_500,
  partitions: 8,
  grace: '60s',
  hasLastPhase: true,
  jsonFile: undefined,
}

const USAGE = `usage: npm run chaos -- [flags]

  --minutes N    default ${DEFAULTS.minutes}
  --seed N       of the load and the faults; default SEED, else another each time
  --brokers N    1 (default) or 3
  --faults A,B   only those whose names begin so
  --rolling      nothing but a rolling restart every so often
  --rate N       records a second, default ${DEFAULTS.perSecond}
  --grace SPAN   clock.grace of the instances, default ${DEFAULTS.grace}
  --json FILE    all that was found

CHAOS_VERBOSE tells what happens where there is no terminal too. Exit code 1: something is missing,
doubled or false.
`

/** Undefined: help was asked for, or a flag is wrong; both were said on stderr. */
export function readOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ChaosOptions | undefined {
  try {
    const options = optionsOf(args, env)
    if (options === undefined) process.stderr.write(USAGE)
    return options
  } catch (error) {
    process.stderr.write(`chaos: ${error instanceof Error ? error.message : 'unknown'}\n\n${USAGE}`)
    return undefined
  }
}

/** Undefined: help was asked for. Raises a RangeError, or what `parseArgs` raises. */
function optionsOf(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ChaosOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string' },
      brokers: { type: 'string' },
      faults: { type: 'string' },
      rolling: { type: 'boolean' },
      rate: { type: 'string' },
      grace: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) return undefined
  const brokers = numberOf('brokers', values.brokers ?? '1')
  if (brokers !== 1 && brokers !== 3) throw new RangeError('--brokers is 1 or 3')
  return {
    ...DEFAULTS,
    minutes: numberOf('minutes', values.minutes ?? `${DEFAULTS.minutes}`),
    seed: numberOf('seed', values.seed ?? env['SEED'] ?? `${Date.now() % 1_000_000}`),
    brokers,
    faults: values.faults?.split(','),
    isRolling: values.rolling ?? false,
    perSecond: numberOf('rate', values.rate ?? `${DEFAULTS.perSecond}`),
    grace: values.grace ?? DEFAULTS.grace,
    hasLastPhase: values.rolling !== true,
    jsonFile: values.json,
  }
}

function numberOf(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0) || text.trim() === '') throw new RangeError(`--${name} ${text} is no number`)
  return value
}
