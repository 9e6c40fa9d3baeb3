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
  plan: (story: Story) => void
}>

export function cause(
  name: string,
  plan: (story: Story) => void,
  more: Partial<Omit<Cause, 'name' | 'plan'>> = {},
): Cause {
  return { name, plan, share: 1, never: [], isBusy: false, isUnready: false, ...more }
}
