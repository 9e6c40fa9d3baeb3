/** What is said of one account as a whole, as published. */
import { z } from 'zod'
import { CONSEQUENCES, policyHash, STAGES } from './emitted-forms.ts'
import { form } from './forms.ts'

const stage = z.enum(STAGES)

const openWarning = z
  .object({
    detector: z.string(),
    subject: z.string().describe('As in the warning records.'),
    stage: stage.describe('The stage last told.'),
    openedAt: form.instant.describe('`time` of the record that opened it.'),
    stageAt: form.instant.describe('`time` of the record that told this stage.'),
    consequence: z.enum(CONSEQUENCES).describe('What the merchant stands to lose.'),
    consequenceDate: form.day
      .optional()
      .describe('The local date on which it begins, where one is computable.'),
  })
  .meta({ id: 'openWarning', description: 'A warning that stands.' })

const clock = z
  .object({
    detector: z.string(),
    subject: z.string().describe('As in the warning records.'),
    state: z
      .enum(['quiet', ...STAGES, 'held'])
      .describe('The stage told, `quiet` before the first, `held` while no stage may change.'),
    dueOn: form.day.optional().describe('The local date it runs to, where it has one.'),
    nextStage: stage.optional().describe('What comes next, unless the account acts.'),
    nextOn: form.day.optional().describe('The local date it comes on. With `nextStage`.'),
    cause: z.string().describe('What it counts from; when it becomes another, the warning ends.'),
    clears: z.array(z.string()).describe('The actions that stop it.'),
  })
  .meta({
    id: 'clock',
    description: 'A deadline that is running, whether or not it was spoken of.',
  })

/** `data` of `forewarn.standing.v1`. A record without a value says that the account is gone. */
export const STANDING_SCHEMA = z.object({
  tenant: z.string(),
  merchantId: z.string(),
  state: z
    .enum([
      'pending-activation',
      'active',
      'restricted',
      'suspended',
      'reinstating',
      'deregistration-scheduled',
      'closing',
    ])
    .describe("The account's lifecycle. `closing`: a cancellation is open."),
  zone: form.zone.describe('Of all dates here.'),
  sequence: form.count.describe("Number of the account's last warning record; 0 before the first."),
  policy: z
    .object({ profile: z.string(), hash: policyHash })
    .describe('Which limits judge the account.'),
  warnings: z.array(openWarning).describe('What stands open.'),
  clocks: z.array(clock).describe('Every deadline that is running.'),
  cursor: z
    .object({
      offset: z
        .string()
        .regex(/^[0-9]+$/)
        .describe('The input partition had been folded up to here.'),
      version: form.count.describe('Counts the commits of the partition.'),
    })
    .describe('Ignore a value whose (offset, version) is lower than what you have.'),
})
