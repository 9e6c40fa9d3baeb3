/** What must hold in every world that can be reached, and at rest. */
import { firedTo, foldedTo, saidIn } from './fold.ts'
import type { Settings } from './settings.ts'
import { sorted } from './store.ts'
import type { World } from './world.ts'

/** Undefined: all is well. */
export function wrongIn(it: Settings, world: World): string | undefined {
  return (
    wrongState(it, world) ?? wrongOutbox(it, world) ?? wrongOutput(world) ?? wrongMark(it, world)
  )
}

/** I and III: the accounts are the fold up to the cursor, with no timer fired ahead of the clock. */
function wrongState(it: Settings, { store, log }: World): string | undefined {
  const { cursor, accounts, clock } = store
  if (cursor.offset > log.length) return 'the cursor passes the end of the log'
  const folded = foldedTo(it, log, cursor.offset)
  const fired = firedTo(it, folded, clock)
  for (const [at, account] of accounts.entries()) {
    if (account === folded[at] || account === fired[at]) continue
    const expected = `${folded[at]} or ${fired[at]}`
    return `account ${at} holds "${account}", the fold up to ${cursor.offset} says ${expected}`
  }
  return undefined
}

/** I: the outbox holds what was said and is not in the output for certain. */
function wrongOutbox(it: Settings, { store, output }: World): string | undefined {
  const said = store.accounts.map((account) => saidIn(it, account)).join('')
  const waiting = store.outbox.map(({ id }) => id).join('')
  for (const id of waiting) if (!said.includes(id)) return `${id} waits and was never said`
  for (const id of said) {
    if (!waiting.includes(id) && !output.includes(id)) return `${id} is neither waiting nor sent`
  }
  if (new Set(waiting).size < waiting.length) return `a warning waits twice: ${waiting}`
  return undefined
}

/** II: each id once; and nothing that was never part of a stored state. */
function wrongOutput({ output, everStored }: World): string | undefined {
  if (new Set(output).size < output.length) return `a warning stands twice in the output: ${output}`
  for (const id of output) if (!everStored.includes(id)) return `${id} was sent and never stored`
  return undefined
}

/** What may be sent again must be found again: it stands behind the mark, or not at all. */
function wrongMark(it: Settings, { store, output }: World): string | undefined {
  const passed = output.slice(0, store.mark).replace('*', '')
  const said = store.accounts.map((account) => saidIn(it, account)).join('')
  for (const id of passed) {
    const isDone = said.includes(id) && store.outbox.every((entry) => entry.id !== id)
    if (!isDone) return `the mark ${store.mark} has passed ${id}, which may be sent again`
  }
  return undefined
}

/** When nothing is left to do: all of the log is folded and fired, and each warning was sent once. */
export function wrongAtRest(it: Settings, world: World): string | undefined {
  const { log, wall, store, output } = world
  if (store.cursor.offset !== log.length) return `at rest the cursor is at ${store.cursor.offset}`
  const accounts = firedTo(it, foldedTo(it, log, log.length), wall)
  if (accounts.join() !== store.accounts.join())
    return `at rest the state is ${store.accounts.join()}`
  const expected = sorted(accounts.map((account) => saidIn(it, account)).join(''))
  const found = sorted(output.replace('*', ''))
  if (found !== expected) return `at rest the output holds "${found}", not "${expected}"`
  if (store.outbox.length > 0) return 'at rest the outbox is not empty'
  return undefined
}
