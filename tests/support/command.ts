/** What a command is given of the process, with what it writes kept. */
import { PassThrough } from 'node:stream'
import type { Io } from '../../src/cli/io.ts'

export function given(env: Io['env'] = {}) {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const read = (stream: PassThrough): string => {
    let text = ''
    for (let part = stream.read(); part !== null; part = stream.read()) text += String(part)
    return text
  }
  const io: Io = {
    ...{ stdin: new PassThrough(), stdout, stderr, env, version: '1.2.3' },
    stopping: new AbortController().signal,
    onHangUp: () => {},
    services: () => Promise.reject(new Error('needs no service')),
    onFatal: (error) => {
      throw error
    },
  }
  /** Written since it was asked last. */
  return { io, out: () => read(stdout), err: () => read(stderr) }
}
