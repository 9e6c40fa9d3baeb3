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

/** Raises a RangeError, or what `parseArgs` raises. */
export function parseOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ChaosOptions {
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
    },
  })
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
