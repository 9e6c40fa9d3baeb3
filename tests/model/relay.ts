/** `relay.ts`, `kafka-warning-log.ts` and `kafka-fenced-producer.ts`: fence, read back, send, acknowledge. */
import type { Settings } from './settings.ts'
import { sorted } from './store.ts'
import { withLife } from './world.ts'
import type { Life, Relay, Who, World } from './world.ts'

/** An instant or a sequence that does not come. */
export const NEVER = 99

/** The fence or its next step; where it is complete, what the output holds is read back. */
export function fenced(it: Settings, world: World, who: Who): World | undefined {
  const life = world.lives[who]
  if (life === undefined || life.relay.pending.length === 0 || life.relay.stage === 3)
    return undefined
  if (!it.isFenceSplit) {
    const marked = { ...world, epoch: world.epoch + 2, outputEpoch: world.epoch + 1 }
    return readBack(it, marked, who, life)
  }
  const { relay } = life
  if (relay.stage === 0) {
    const epoch = world.epoch + 1
    return withRelay({ ...world, epoch }, who, { ...relay, stage: 1, epoch })
  }
  // The coordinator refuses a transaction of an epoch that is not the newest.
  if (relay.stage === 1) {
    if (relay.epoch !== world.epoch) return withRelay(world, who, closed(relay))
    const marked = { ...world, outputEpoch: Math.max(world.outputEpoch, relay.epoch) }
    return withRelay(marked, who, { ...relay, stage: 2 })
  }
  const raised = { ...world, epoch: world.epoch + 1 }
  const isAlone = raised.epoch === relay.epoch + 1
  const isToLook = it.defect !== 'fence without a look at the epochs'
  if (isToLook && !isAlone) return withRelay(raised, who, closed(relay))
  return readBack(it, raised, who, life)
}

function readBack(it: Settings, world: World, who: Who, { relay }: Life): World {
  const { output, epoch, wall } = world
  const isSkipped = it.defect === 'no read-back'
  const present = isSkipped ? '' : sorted(output.slice(relay.mark))
  const isEarly = it.defect === 'caught up before the output was opened'
  const toldAgainBelow = isEarly ? relay.toldAgainBelow : NEVER
  const opened = { ...relay, stage: 3 as const, epoch, present, here: output.length }
  const relayed = { ...opened, toldAgainBelow, openedAt: wall }
  return withRelay(world, who, sending(it, world, relayed))
}

function withRelay(world: World, who: Who, relay: Relay): World {
  return withLife(world, who, { ...(world.lives[who] as Life), relay })
}

/** After any unclear error: fence and look before anything is sent again. */
function closed(relay: Relay): Relay {
  return {
    ...relay,
    stage: 0,
    epoch: 0,
    present: '',
    here: 0,
    sending: 0,
    missing: '',
    openedAt: NEVER,
  }
}

/**
 * `run` and `relayNext`: what is pending is sent as soon as nothing else is; what the output holds
 * already is acknowledged at once.
 */
export function sending(it: Settings, world: World, relay: Relay): Relay {
  if (relay.stage !== 3 || relay.sending > 0) return relay
  const entries = relay.pending.slice(0, it.appendMax)
  if (entries.length === 0) return relay
  let missing = ''
  for (const { id } of entries) if (!relay.present.includes(id)) missing += id
  const next = { ...relay, sending: entries.length, missing }
  if (missing === '') return sending(it, world, acknowledged(it, next))
  if (it.defect !== 'mark set when sent') return next
  return { ...next, mark: world.output.length + missing.length }
}

function acknowledged(it: Settings, relay: Relay): Relay {
  const entries = relay.pending.slice(0, relay.sending)
  let { present } = relay
  for (const { id } of entries) present = present.replace(id, '')
  const lastSequence = entries.at(-1)?.sequence ?? -1
  const isTold = present === '' || lastSequence + 1 >= relay.toldAgainBelow
  const isMarked = isTold || it.defect === 'mark set past what is not told again'
  return {
    ...relay,
    present,
    pending: relay.pending.slice(relay.sending),
    acknowledged: [...relay.acknowledged, ...entries.map(({ sequence }) => sequence)],
    sending: 0,
    missing: '',
    mark: isMarked ? relay.here : relay.mark,
  }
}

/** The broker takes records of the newest epoch it has seen in the partition, or of a newer one. */
export function written(it: Settings, world: World, epoch: number, ids: string): World | undefined {
  if (epoch < world.outputEpoch && it.defect !== 'no fence') return undefined
  const outputEpoch = Math.max(world.outputEpoch, epoch)
  return { ...world, outputEpoch, output: world.output + ids }
}

export function sendAnswered(it: Settings, world: World, who: Who): World | undefined {
  const relay = world.lives[who]?.relay
  if (relay === undefined || relay.sending === 0) return undefined
  const after = written(it, world, relay.epoch, relay.missing)
  if (after === undefined) return withRelay(world, who, closed(relay))
  const told = acknowledged(it, { ...relay, here: after.output.length })
  return withRelay(after, who, sending(it, after, told))
}

export function sendUnanswered(
  it: Settings,
  world: World,
  who: Who,
  truth: 'never done' | 'done in part' | 'done' | 'done late',
): World | undefined {
  const relay = world.lives[who]?.relay
  if (relay === undefined || relay.sending === 0) return undefined
  const { epoch, missing } = relay
  if (truth === 'done in part' && missing.length < 2) return undefined
  const ids = truth === 'done in part' ? missing.slice(0, 1) : missing
  const isDone = truth === 'done' || truth === 'done in part'
  const after = (isDone ? written(it, world, epoch, ids) : undefined) ?? world
  const late = truth === 'done late' ? [...world.lateSends, { epoch, ids }] : world.lateSends
  const isDropped = it.defect === 'acknowledged when sent'
  const told = isDropped ? acknowledged(it, relay) : relay
  return withRelay({ ...after, lateSends: late }, who, closed(told))
}

/** The fence is interrupted, at any of its steps. */
export function fenceBroken(world: World, who: Who): World | undefined {
  const relay = world.lives[who]?.relay
  const isHalfWay = relay?.stage === 1 || relay?.stage === 2
  return relay !== undefined && isHalfWay ? withRelay(world, who, closed(relay)) : undefined
}
