/** The demo's view of warnings as they fall: for a person on a terminal, plain lines in a pipe. */
import { styleText } from 'node:util'
import { createZones } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'
import type { WarningRecord } from '../core/warning.ts'
import type { Io } from './io.ts'
import { dateText } from './sentence-parts.ts'
import { clearsSentence, sentenceOf } from './sentences.ts'

export type LiveProgress = Readonly<{
  simulatedMs: EpochMs
  events: number
  eventsPerSecond: number
  /** Warnings that stand now. */
  open: number
}>

export type LiveView = Readonly<{
  warning: (record: WarningRecord) => void
  /** Redraws the line at the bottom; in a pipe nothing. To be called a few times a second. */
  progress: (progress: LiveProgress) => void
  /** A line of the caller's own, above the one at the bottom. */
  line: (text: string) => void
  /** Takes the line at the bottom away. */
  close: () => void
}>

export type LiveViewOptions = Readonly<{
  /** In which the line at the bottom tells the date. Warnings have their merchant's. */
  zone: string
}>

type Format = Parameters<typeof styleText>[0]

const LOOKS: Readonly<Record<string, readonly [icon: string, format: Format]>> = {
  notice: ['○', 'cyan'],
  warning: ['△', 'yellow'],
  'final-warning': ['▲', ['bold', 'yellow']],
  'consequence-due': ['■', ['bold', 'red']],
  resolved: ['✓', 'green'],
  retracted: ['↩', 'magenta'],
}
const ERASE = '\r\u001b[2K'
const COLUMNS_DEFAULT = 80
const INDENT = ' '.repeat(13)

export function createLiveView(
  { stdout, env }: Pick<Io, 'stdout' | 'env'>,
  { zone }: LiveViewOptions,
): LiveView {
  const isTerminal = stdout.isTTY === true
  const isColoured = isTerminal && (env['NO_COLOR'] ?? '') === ''
  const zoneOf = createZones()
  const paint = (format: Format, text: string): string =>
    isColoured ? styleText(format, text, { validateStream: false }) : text
  // Asked each time: a window is resized.
  const columns = (): number => ('columns' in stdout && Number(stdout.columns)) || COLUMNS_DEFAULT
  let bottom = ''

  function line(text: string): void {
    stdout.write(bottom === '' ? `${text}\n` : `${ERASE}${text}\n${bottom}`)
  }

  function warning(record: WarningRecord): void {
    line(isTerminal ? inColumns(record) : inOneLine(record, zoneOf(record.zone).text(record.atMs)))
  }

  function inColumns(record: WarningRecord): string {
    const { zone: its, atMs, merchantId } = record
    const word = wordOf(record)
    const [icon, format] = LOOKS[word] ?? ['·', 'reset']
    const date = dateText(zoneOf(its).dayOf(atMs)).padStart(11)
    const head = `${date}  ${paint(format, `${icon} ${word.toUpperCase()}`)}  `
    const who = paint('bold', printable(merchantId))
    const said = wrapped(printable(sentenceOf(record)), columns() - INDENT.length - 1)
    const clears = clearsSentence(record)
    const more = clears === undefined ? [] : wrapped(clears, columns() - INDENT.length - 1)
    return [
      `${head}${who}`,
      ...said.map((it) => `${INDENT}${it}`),
      ...more.map((it) => `${INDENT}${paint('dim', it)}`),
    ].join('\n')
  }

  function progress({ simulatedMs, events, eventsPerSecond, open }: LiveProgress): void {
    if (!isTerminal) return
    const text = zoneOf(zone).text(simulatedMs)
    const date = `${dateText(zoneOf(zone).dayOf(simulatedMs))} ${text.slice(11, 16)}`
    const rate = `${Math.round(eventsPerSecond).toLocaleString('en')}/s`
    const parts = [
      date,
      `${events.toLocaleString('en')} events`,
      rate,
      `${open} open ${open === 1 ? 'warning' : 'warnings'}`,
    ]
    const shown = ` ${parts.join('  ·  ')} `.slice(0, columns() - 1)
    bottom = `${ERASE}${paint('inverse', shown)}`
    stdout.write(bottom)
  }

  function close(): void {
    if (bottom !== '') stdout.write(ERASE)
    bottom = ''
  }

  return { warning, progress, line, close }
}

/** `2026-04-01 00:00 +08:00  warning  M1  terminal-inactivity  …`: columns that tools can split. */
function inOneLine(record: WarningRecord, text: string): string {
  const at = `${text.slice(0, 10)} ${text.slice(11, 16)} ${text.slice(-6)}`
  const { merchantId, detector } = record
  const columns = [at, wordOf(record).padEnd(15), merchantId, detector.padEnd(19)]
  return printable(
    [...columns, sentenceOf(record), clearsSentence(record) ?? ''].join('  ').trimEnd(),
  )
}

/** Of a warning that goes on its stage, else how it ended. */
function wordOf({ reason, stage }: WarningRecord): string {
  return reason === 'resolved' || reason === 'retracted' ? reason : stage
}

/** Ids come from outside: what could steer the terminal is left out. */
function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '?')
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let held = ''
  for (const word of text.split(' ')) {
    if (held !== '' && held.length + 1 + word.length > width) {
      lines.push(held)
      held = word
    } else held = held === '' ? word : `${held} ${word}`
  }
  return [...lines, held]
}
