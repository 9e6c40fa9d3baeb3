/** `forewarn run`: the service, until a signal, or until an instant is judged and published. */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseInstant } from '../events/time-text.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io, Running } from './io.ts'
import { checkService, findingText } from './check.ts'
import { loadSettings } from './settings.ts'

const STOP_MAX_MS = 8_200

export type RunOptions = Readonly<{ config: string; until?: string }>

export async function run(io: Io, { config, until }: RunOptions): Promise<ExitCode> {
  let running: Running | undefined
  let isAsked = false
  io.onHangUp(() => {
    isAsked = true
    running?.reload()
  })
  const settings = loadSettings(io, { config, flags: { 'clock.until': until } })
  if (settings === undefined) return EXIT.config
  const untilMs = until === undefined ? settings.service.clock.untilMs : parseInstant(until)
  const findings = (await checkService(settings.service)).filter(({ kind }) => kind === 'fault')
  for (const finding of findings) say(io, findingText(finding))
  if (findings.length > 0) {
    say(io, 'forewarn run: not started; `forewarn check` shows the whole table')
    return EXIT.failed
  }
  const { startService } = await io.services()
  const started = await startService(io, settings, untilMs)
  running = started
  // What changed while it started was read before, or was not.
  if (isAsked) started.reload()
  const stopped = Promise.withResolvers<void>()
  const onStop = () => stopped.resolve()
  io.stopping.addEventListener('abort', onStop)
  if (io.stopping.aborted) onStop()
  try {
    await Promise.race([started.done, stopped.promise])
  } finally {
    io.stopping.removeEventListener('abort', onStop)
    // Everything is committed by now: what hangs in a client that lost its broker is left behind.
    await Promise.race([started.stop(), sleep(STOP_MAX_MS, undefined, { ref: false })])
  }
  return EXIT.ok
}
