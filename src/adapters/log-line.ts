/** A log entry as a person reads it: time, level, message, and the rest as name=value. */
import { styleText } from 'node:util'
import type { LogEntry } from './log-gate.ts'

type Format = Parameters<typeof styleText>[0]

const FORMATS: Readonly<Record<string, Format>> = {
  trace: 'gray',
  debug: 'gray',
  info: 'green',
  warn: 'yellow',
  error: 'red',
  fatal: ['bold', 'red'],
}

/** Control characters of a text could write over the terminal: they are shown, not sent. */
export function readableLine(entry: LogEntry, isColoured: boolean): string {
  const { level, time, msg, err, ...rest } = entry
  const paint = (format: Format, text: string) =>
    isColoured ? styleText(format, text, { validateStream: false }) : text
  const label = String(level).toUpperCase().padEnd(5)
  const clock = String(time).slice(11, 19)
  const members = Object.entries(rest).map(([name, value]) => ` ${printable(name)}=${shown(value)}`)
  const head = `${paint('dim', clock)} ${paint(FORMATS[String(level)] ?? 'reset', label)}`
  return `${head} ${typeof msg === 'string' ? printable(msg) : ''}${paint('dim', members.join(''))}\n${stackOf(err)}`
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^[^\s"=]+$/.test(text) ? printable(text) : JSON.stringify(text)
}

function stackOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  const stack = 'stack' in error ? String(error.stack) : JSON.stringify(error)
  return stack
    .split('\n')
    .map((line) => `    ${printable(line)}\n`)
    .join('')
}

function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    return character === '\t' ? ' ' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}
