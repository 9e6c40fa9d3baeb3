/** How far long work has come: a bar on a terminal, nothing in a pipe. */
import { SECOND_MS } from '../core/time.ts'
import type { Io } from './io.ts'

export type ProgressOptions = Readonly<{
  label: string
  /** In the unit of `at`; undefined: unknown, so neither a bar nor a time left. */
  total?: number | undefined
  /** Default bytes. */
  unit?: 'bytes' | 'records'
  /** Where no terminal is: a line every ten seconds. */
  isLogged?: boolean
  monotonicMs?: () => number
}>

export type Progress = Readonly<{
  /** Cheap: most calls draw nothing. */
  at: (done: number) => void
  /** Leaves no trace on a terminal. */
  done: () => void
}>

const BAR_WIDTH = 24
const DRAW_EVERY_MS = 100
const LOG_EVERY_MS = 10 * SECOND_MS
const ERASE = '\r\u001b[2K'

export function createProgress({ stderr }: Pick<Io, 'stderr'>, options: ProgressOptions): Progress {
  const { label, total, unit = 'bytes', isLogged = false } = options
  const { monotonicMs = () => performance.now() } = options
  const isTerminal = stderr.isTTY === true
  const everyMs = isTerminal ? DRAW_EVERY_MS : LOG_EVERY_MS
  const startMs = monotonicMs()
  let drawnMs = startMs
  let isDrawn = false

  function at(done: number): void {
    if (!isTerminal && !isLogged) return
    const nowMs = monotonicMs()
    if (nowMs - drawnMs < everyMs) return
    drawnMs = nowMs
    isDrawn = true
    const text = progressText(label, unit, { done, total, tookMs: nowMs - startMs }, isTerminal)
    stderr.write(isTerminal ? `${ERASE}${text}` : `${text}\n`)
  }

  return { at, done: () => void (isTerminal && isDrawn && stderr.write(ERASE)) }
}

type So = Readonly<{ done: number; total: number | undefined; tookMs: number }>

function progressText(
  label: string,
  unit: 'bytes' | 'records',
  { done, total, tookMs }: So,
  isBar: boolean,
): string {
  const perSecond = (done * SECOND_MS) / tookMs
  const rate = `${amount(perSecond, unit)}/s`
  if (total === undefined || total <= 0) return `${label} ${amount(done, unit)}  ${rate}`
  const share = Math.min(1, done / total)
  const filled = Math.round(share * BAR_WIDTH)
  const bar = isBar ? ` ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}` : ''
  const left = perSecond > 0 ? `  ${secondsText((total - done) / perSecond)} left` : ''
  return `${label}${bar} ${Math.floor(share * 100)} %  ${rate}${left}`
}

function amount(count: number, unit: 'bytes' | 'records'): string {
  if (unit === 'records') return `${Math.round(count).toLocaleString('en')} records`
  if (count < 1e6) return `${(count / 1e3).toFixed(1)} kB`
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(1)} GB`
}

function secondsText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
