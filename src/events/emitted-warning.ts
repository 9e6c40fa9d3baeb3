/** What a warning record says, as published: the promise to readers, held to the renderer by tests. */
import { z } from 'zod'
import { CONSEQUENCES, policyHash, RESOLUTIONS, STAGES } from './emitted-forms.ts'
import { form } from './forms.ts'

const stage = z.enum(STAGES).meta({
  id: 'stage',
  description: 'How far it has come. In this order, and told at most once each in an episode.',
})

const consequence = z
  .object({
    kind: z.enum(CONSEQUENCES).describe('What the merchant stands to lose.'),
    at: form.instant.optional().describe('The first instant of the date. With `date` and `zone`.'),
    date: form.day
      .optional()
      .describe('The local date on which it begins, where one is computable.'),
    zone: form.zone.optional().describe('Whose date it is.'),
  })
  .meta({ id: 'consequence', description: 'What is to happen, and when.' })

const evidence = z
  .object({
    eventId: z.string().describe('`id` of the event.'),
    time: form.instant.describe('When it happened.'),
    terminalId: z.string().optional().describe('Where.'),
    amount: form.amount.optional().describe('In minor units of `currency`.'),
    currency: form.currency.optional(),
    responseCode: z.string().optional().describe('What the issuer or the network answered.'),
    last4: form.digits4.optional().describe('The last four digits of the card; never more of it.'),
  })
  .meta({ id: 'evidence', description: 'One event that the warning rests on, masked.' })

const window = z
  .object({
    from: form.instant.describe('Not included.'),
    to: form.instant.describe('Included.'),
  })
  .meta({ id: 'window', description: 'What was judged, in event time.' })

const policy = z
  .object({
    profile: z.string().describe('Name of the profile that judged the account.'),
    hash: policyHash,
    detectorVersion: z.int().min(1).describe('Raised when the meaning of the measure changes.'),
  })
  .meta({ id: 'policy', description: 'Which limits and which detector decided.' })

const proof = z
  .object({
    partition: form.count.describe('Of the input topic.'),
    position: offset('Everything before it had been folded.'),
    end: offset('Where the partition ended at `wall`.'),
    wall: form.instant.describe('When the end was asked for.'),
    arrivalClock: form.instant.describe('Up to when absence was proven.'),
    state: z
      .enum(['ok', 'catching-up', 'blind'])
      .optional()
      .describe(
        'Of the partition: `catching-up` until its end was reached. While it is `blind` only what was due ' +
          'before is told. Absent: an earlier version told it.',
      ),
  })
  .meta({ id: 'proof', description: 'That what did not happen was not merely late on our side.' })

const emitted = z
  .object({
    lateSeconds: form.count.describe('How late it was sent; 0 up to twice the grace.'),
    proof: proof.optional().describe('Of warnings that rest on something that did not happen.'),
  })
  .meta({
    id: 'emitted',
    description: 'What only the sending knows. May differ between two sends.',
  })

const about = {
  detector: z
    .string()
    .describe('Which detector speaks. New ones come: take an unknown one as text.'),
  subject: z
    .string()
    .describe(
      'What it is about: `account`, `terminal:T2:reverify`, `invoice:inv-31`, … Inside its parts `%`, ' +
        '`:` and control characters are percent-encoded.',
    ),
}
const standing = {
  openedAt: form.instant.describe('`time` of the record that opened the episode.'),
  consequence,
}
const because = {
  source: z.string().describe('Key of the source of the limit, as listed in the documentation.'),
}
const reading = {
  audience: z
    .array(z.enum(['merchant', 'operator']))
    .min(1)
    .describe('Who should read it.'),
  terminalIds: z.array(z.string()).min(1).optional().describe('The terminals it is about.'),
}
const made = { policy, emitted: emitted.optional() }

const measured = {
  value: z.number().describe('What was measured, in `unit`.'),
  threshold: z.number().describe('Where this stage starts, in `unit`.'),
  limit: z.number().describe('Where the operator, the scheme or the regulator acts.'),
  unit: z
    .string()
    .describe('Of `value`, `threshold` and `limit`: `days`, `minor-units`, … New ones come.'),
}
const compared = {
  k: form.count.optional().describe('How many were counted; of a ratio, out of `n`.'),
  n: form.count.optional().describe('Of a ratio: out of how many.'),
  baseline: z.number().optional().describe('The usual value that it was compared with.'),
  historyDays: form.count.optional().describe('How many trading days the baseline is made of.'),
  window: window.optional(),
  seen: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .describe("The detector's own values by name, for the wording."),
}
const wayOut = {
  clears: z.array(z.string()).describe('The actions that clear it.'),
  documents: z.array(z.string()).describe('Documents that may be asked for.'),
  advice: z.array(z.string()).describe('Ids of texts that advise the merchant.'),
}
const rests = {
  evidence: z.array(evidence).min(1).max(20).optional().describe('At most 20 events it rests on.'),
}

const told = {
  ...measured,
  ...because,
  ...compared,
  ...wayOut,
  ...reading,
  ...rests,
  ...made,
}
const ended = { ...because, ...reading, ...made }

const opened = z
  .object({ ...about, reason: z.literal('opened'), stage, ...standing, ...told })
  .meta({ id: 'opened', description: 'An episode begins, at whichever stage it is found.' })

const raised = z
  .object({
    ...about,
    reason: z.literal('raised'),
    stage,
    previousStage: stage.describe('The stage told before; lower.'),
    ...standing,
    ...told,
  })
  .meta({ id: 'raised', description: 'An open warning has reached a higher stage.' })

const lastStage = stage.describe('The stage last told.')
const resolved = z
  .object({
    ...about,
    reason: z.literal('resolved'),
    stage: lastStage,
    resolution: z.enum(RESOLUTIONS).describe('Why it ended.'),
    ...standing,
    ...ended,
  })
  .meta({ id: 'resolved', description: 'The cause has ended: the episode is over.' })

const retracted = z
  .object({ ...about, reason: z.literal('retracted'), stage: lastStage, ...standing, ...ended })
  .meta({
    id: 'retracted',
    description: 'It was never true: a late event disproves what was told.',
  })

/** `data` of the four types `forewarn.warning.<reason>.v1`, told apart by `reason`. */
export const WARNING_SCHEMA = z.discriminatedUnion('reason', [opened, raised, resolved, retracted])

function offset(what: string) {
  return z
    .string()
    .regex(/^[0-9]+$/)
    .describe(what)
}
