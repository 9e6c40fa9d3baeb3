/** The tables of the status page. */
import { html } from 'hono/html'
import type { WarningView } from './recent-warnings.ts'
import { figureOf, instant, span } from './status-text.ts'
import type { Html } from './status-text.ts'
import type { PartitionView, Status } from './status.ts'

/** Beside the word and the colour, for those who see neither well. */
const ICONS: Readonly<Record<string, string>> = {
  notice: '○',
  warning: '△',
  'final-warning': '▲',
  'consequence-due': '■',
  ok: '✓',
  'catching-up': '↻',
  blind: '◌',
  stopped: '✕',
}

function pill(word: string): Html {
  return html`<span class="pill ${word}"
    ><span aria-hidden="true">${ICONS[word]}</span> ${word}</span
  >`
}

export function warningTable({ warnings }: Status): Html {
  return html`<div class="scroll" role="region" aria-labelledby="warnings" tabindex="0">
    <table>
      <caption>
        The newest ${warnings.length} decided here, times and dates local to the merchant
      </caption>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Stage</th>
          <th scope="col">Detector</th>
          <th scope="col">Reason</th>
          <th scope="col">What follows</th>
          <th scope="col">Merchant</th>
        </tr>
      </thead>
      <tbody>
        ${warnings.map(warningRow)}
      </tbody>
    </table>
  </div>`
}

function warningRow(warning: WarningView): Html {
  const { atMs, zone, stage, detector, reason, consequence, consequenceDate, merchant } = warning
  const isOver = reason === 'resolved' || reason === 'retracted'
  const when =
    consequenceDate === undefined
      ? ''
      : html` on <time datetime="${consequenceDate}">${consequenceDate}</time>`
  return html`<tr class="${isOver ? 'over' : ''}">
    <td>${instant(atMs, zone)}</td>
    <td>${pill(stage)}</td>
    <td>${detector}</td>
    <td>${reason}</td>
    <td>${isOver ? html`<span class="averted">none</span>` : html`${consequence}${when}`}</td>
    <td><code>${merchant}</code></td>
  </tr>`
}

export function partitionTable({ partitions, topic, nowMs }: Status): Html {
  return html`<div class="scroll" role="region" aria-labelledby="input" tabindex="0">
    <table>
      <caption>
        Partitions of ${topic} that this process reads
      </caption>
      <thead>
        <tr>
          <th scope="col" class="number">Partition</th>
          <th scope="col">State</th>
          <th scope="col" class="number">Position</th>
          <th scope="col" class="number">End</th>
          <th scope="col" class="number">Lag</th>
          <th scope="col" class="number">Outbox</th>
          <th scope="col">Arrival clock</th>
          <th scope="col">Waits for</th>
        </tr>
      </thead>
      <tbody>
        ${partitions.map((it) => partitionRow(it, nowMs))}
      </tbody>
    </table>
  </div>`
}

function partitionRow(it: PartitionView, nowMs: number): Html {
  // A clock that has not begun stands at no instant.
  const isClockKnown = it.clockMs !== undefined && Number.isFinite(it.clockMs) && it.clockMs > 0
  const clock = isClockKnown
    ? html`${instant(it.clockMs ?? 0, 'UTC')}
        <span class="age">${span(Math.max(0, nowMs - (it.clockMs ?? 0)))} ago</span>`
    : figureOf(undefined)
  return html`<tr>
    <th scope="row" class="number">${it.partition}</th>
    <td>${pill(it.phase)}</td>
    <td class="number">${figureOf(it.position)}</td>
    <td class="number">${figureOf(it.end)}</td>
    <td class="number">${figureOf(it.lagRecords)}</td>
    <td class="number">${figureOf(it.outbox)}</td>
    <td>${clock}</td>
    <td>${waitsFor(it)}</td>
  </tr>`
}

function waitsFor({ incident, waitsFor: causes }: PartitionView): string {
  if (incident !== undefined) return 'a person'
  return causes.length > 0 ? causes.join(', ') : 'nothing'
}

export function deadLetterTable({ totals }: Status): Html {
  const rows = totals.deadLetters.map(
    ([code, count]) =>
      html`<tr>
        <th scope="row"><code>${code}</code></th>
        <td class="number">${figureOf(count)}</td>
      </tr>`,
  )
  return html`<div class="scroll narrow" role="region" aria-labelledby="dead" tabindex="0">
    <table>
      <caption>
        Records refused since the start, by code
      </caption>
      <thead>
        <tr>
          <th scope="col">Code</th>
          <th scope="col" class="number">Records</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

/** Nothing where nothing is wrong. */
export function incidentList({ partitions }: Status): Html | string {
  const items = partitions.flatMap(({ partition, incident }) => {
    if (incident === undefined) return []
    const { kind, fromOffset, toOffset, message, atMs } = incident
    return [
      html`<li>
        <strong>Partition ${partition}: ${kind}</strong>, offsets ${figureOf(fromOffset)} to
        ${figureOf(toOffset)}, since ${instant(atMs, 'UTC')}. ${message}
      </li>`,
    ]
  })
  items.push(...partitions.flatMap(silenceItems))
  if (items.length === 0) return ''
  return html`<section class="incidents" aria-labelledby="incidents">
    <h2 id="incidents">Incidents that wait for a person</h2>
    <ul>
      ${items}
    </ul>
  </section>`
}

/** What somebody went on in spite of: it stays in sight, for what lay there is missing for good. */
export function acceptedList({ partitions }: Status): Html | string {
  const items = partitions.flatMap(({ partition, accepted = [] }) =>
    accepted.map(
      ({ kind, fromOffset, toOffset, continuedAt, by, atMs }) =>
        html`<li>
          Partition ${partition}: ${kind}, offsets ${figureOf(fromOffset)} to ${figureOf(toOffset)},
          accepted by ${by} ${instant(atMs, 'UTC')}; read on at ${figureOf(continuedAt)}.
        </li>`,
    ),
  )
  if (items.length === 0) return ''
  return html`<h3 id="accepted">Accepted incidents</h3>
    <ul class="accepted" aria-labelledby="accepted">
      ${items}
    </ul>`
}

/** What is not judged for now, and until when. */
function silenceItems({ partition, phase, silences = [] }: PartitionView): Html[] {
  const items = silences.map(
    ({ name, accounts, sinceMs }) =>
      html`<li>
        <strong>Partition ${partition}: ${figureOf(accounts)} merchants fell silent together</strong
        >, found ${instant(sinceMs, 'UTC')}. None of them is called inactive or overdue until half
        of them are heard again, or the incident <code>${name}</code> is closed.
      </li>`,
  )
  if (phase !== 'blind') return items
  const blind = html`<li>
    <strong>Partition ${partition}: blind</strong>. The sources of most of its records fell silent
    against their habit: absence is judged when they speak again.
  </li>`
  return [blind, ...items]
}
