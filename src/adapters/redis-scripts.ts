/** Scripts by their hash. One is loaded when the server does not know it: then nothing was done. */
import { createHash } from 'node:crypto'
import { Command } from 'ioredis'
import { isScriptMissing } from './redis-errors.ts'
import { frameOf, type FrameArgument } from './redis-frame.ts'
import type { RedisClient } from './redis-options.ts'

/** Of the keys the first says to which node of a cluster it goes. Raises the client's errors. */
export type RunScript = (
  script: string,
  keys: readonly string[],
  args?: readonly FrameArgument[],
) => Promise<unknown>

/**
 * A call whose bytes are ready. The client itself is told of no argument but the first key, so none
 * of them is looked at again, or is in what it says of an error. May be sent more than once.
 */
class ScriptCall extends Command {
  readonly #frame: Buffer

  constructor(hash: string, keys: readonly string[], frame: Buffer) {
    super('evalsha', [hash, '1', ...keys.slice(0, 1)], { replyEncoding: null })
    this.#frame = frame
  }

  override toWritable(): Buffer {
    return this.#frame
  }
}

/** Replies are buffers, or lists of them. */
export function createScripts(client: RedisClient): RunScript {
  const loading = new Map<string, Promise<unknown>>()
  const hashes = new Map<string, string>()

  function load(script: string): Promise<unknown> {
    const running = loading.get(script) ?? loadScript(client, script)
    loading.set(script, running)
    return running.finally(() => loading.delete(script))
  }

  function hashOf(script: string): string {
    const hash = hashes.get(script) ?? createHash('sha1').update(script).digest('hex')
    hashes.set(script, hash)
    return hash
  }

  return async (script, keys, args = []) => {
    const hash = hashOf(script)
    const words: FrameArgument[] = ['EVALSHA', hash, String(keys.length), ...keys]
    // One by one: a spread of many thousand arguments overflows the stack.
    for (const arg of args) words.push(arg)
    const frame = frameOf(words)
    const send = () => client.sendCommand(new ScriptCall(hash, keys, frame)) as Promise<unknown>
    return send().catch(async (error: unknown) => {
      if (!isScriptMissing(error)) throw error
      await load(script)
      return send()
    })
  }
}

/** In a cluster by every master: which one a command goes to is decided by its keys. */
async function loadScript(client: RedisClient, script: string): Promise<void> {
  const nodes = 'nodes' in client ? client.nodes('master') : [client]
  await Promise.all(nodes.map((node) => node.script('LOAD', script)))
}
