/** A partition's keys as a whole: brought in from elsewhere, or emptied. For operators, not for a life. */
import type { Cursor, OutboxEntry } from '../core/ports.ts'
import { redisError } from './redis-errors.ts'
import type { RedisClient } from './redis-options.ts'
import type { FrameArgument } from './redis-frame.ts'
import { packEntry, packIds } from './redis-packing.ts'
import { createScripts } from './redis-scripts.ts'
import { BEGIN_SCRIPT, FINISH_SCRIPT, PUT_SCRIPT } from './redis-state.lua.ts'
import { cursorText, keysOf } from './redis-store.ts'
import { CLEAR_SCRIPT } from './redis-whole.lua.ts'

export type StateSlice = Readonly<{
  fields: readonly (readonly [field: string, value: Uint8Array])[]
  outbox: readonly OutboxEntry[]
  due: readonly (readonly [bucket: number, accounts: readonly string[]])[]
}>

/** Each raises `Unavailable`; what was done may be done again. */
export type StateKeys = Readonly<{
  /**
   * Claims an empty partition for the import of this name. False: something is stored there that no
   * import of this name has begun.
   */
  begin: (partition: number, name: string) => Promise<boolean>
  /** False: the partition is not this import's any more. A bucket is put once, whole. */
  put: (partition: number, name: string, slice: StateSlice) => Promise<boolean>
  /** From here on it is a state like any other. */
  finish: (
    partition: number,
    name: string,
    state: Readonly<{ cursor: Cursor; meta: Uint8Array }>,
  ) => Promise<boolean>
  /** As text; empty: none is stored, though other keys may be. */
  storedCursor: (partition: number) => Promise<string>
  /** Removes all keys, if the cursor is still this one. */
  clear: (partition: number, expected: string) => Promise<boolean>
}>

export function createStateKeys(client: RedisClient, namespace: string): StateKeys {
  const run = createScripts(client)
  const keys = (partition: number) => keysOf(namespace, partition)
  const importing = (name: string): string => `0|0|import.${name}`

  async function does(script: string, all: readonly string[], args: readonly FrameArgument[]) {
    return (await answered(run(script, all, args))) === 1
  }

  return {
    begin: (partition, name) =>
      does(BEGIN_SCRIPT, keys(partition), [importing(name), `import.${name}`]),
    put: (partition, name, { fields, outbox, due }) => {
      const all: string[] = keys(partition)
      const index = keys(partition)[4]
      const args: FrameArgument[] = [importing(name)]
      for (const { length } of [fields, outbox, due]) args.push(String(length))
      for (const [field, value] of fields) args.push(field, value)
      for (const entry of outbox) args.push(String(entry.sequence), packEntry(entry))
      for (const [bucket, accounts] of due) {
        all.push(`${index}:${bucket}`)
        args.push(String(bucket), packIds(accounts))
      }
      return does(PUT_SCRIPT, all, args)
    },
    finish: (partition, name, { cursor, meta }) =>
      does(FINISH_SCRIPT, keys(partition), [importing(name), cursorText(cursor), meta]),
    storedCursor: async (partition) => (await answered(client.get(keys(partition)[0]))) ?? '',
    clear: (partition, expected) => does(CLEAR_SCRIPT, keys(partition), [expected]),
  }
}

async function answered<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply
  } catch (error) {
    throw redisError(error)
  }
}
