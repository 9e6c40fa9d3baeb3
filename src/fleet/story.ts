/** What a cause is made of. */
import type { Day } from './civil.ts'
import type { Plan } from './plan.ts'
import type { Rng } from './random.ts'

export type Story = Readonly<{
  plan: Plan
  rng: Rng
  /** First date after the simulated time. */
  endDay: Day
}>

export type Cause = Readonly<{
  /** Its row of the table of causes and a few words; `healthy`; `near-miss: …`. */
  name: string
  /** How often it comes in one deck. */
  share: number
  never: readonly string[]
  /** Of a trade with many sales a day, and nothing that disturbs its count. */
  isBusy: boolean
  /** Delivery and activation are part of the story. */
  isUnready: boolean
  /** Names of the trades it can befall; any where there are none. */
  trades: readonly string[]
  /** Of a country whose money has cents, where major units are worth about as much as a yuan or more. */
  hasCents: boolean
  plan: (story: Story) => void
}>

export function cause(
  name: string,
  plan: (story: Story) => void,
  more: Partial<Omit<Cause, 'name' | 'plan'>> = {},
): Cause {
  const usual = {
    share: 1,
    never: [],
    isBusy: false,
    isUnready: false,
    trades: [],
    hasCents: false,
  }
  return { name, plan, ...usual, ...more }
}

/** Both befall the same merchant; the second one changes neither its trade nor its boarding. */
export function both(first: Cause, second: Cause): Cause {
  return {
    ...first,
    name: `${first.name}; ${second.name}`,
    never: [...first.never, ...second.never],
    plan: (story) => {
      first.plan(story)
      second.plan(story)
    },
  }
}
