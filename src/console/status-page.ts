/** The status page as HTML: without script, so that it works wherever it is opened. */
import { html } from 'hono/html'
import { STAGES } from '../core/warning.ts'
import { acceptedList, deadLetterTable, incidentList } from './status-tables.ts'
import { partitionTable, warningTable } from './status-tables.ts'
import { instant, span } from './status-text.ts'
import type { Html } from './status-text.ts'
import type { Status } from './status.ts'

const REFRESH_SECONDS = 5

/** Reloads itself unless `isPaused`: whoever reads slowly can stop it. */
export function statusPage(status: Status, isPaused: boolean): Html {
  const refresh = isPaused ? '' : html`<meta http-equiv="refresh" content="${REFRESH_SECONDS}" />`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${refresh}
        <title>Forewarn: status</title>
        <link rel="icon" href="/assets/icon.svg" />
        <link rel="stylesheet" href="/assets/status.css" />
      </head>
      <body>
        <a class="skip" href="#warnings">Skip to the warnings</a>
        ${header(status, isPaused)}
        <main>
          ${totals(status)} ${incidentList(status)} ${reloaded(status)} ${warnings(status)}
          ${input(status)}
        </main>
        ${footer(status)}
      </body>
    </html>`
}

function header({ ready, nowMs }: Status, isPaused: boolean): Html {
  const state = ready.ok
    ? html`<span class="pill good">✓ ready</span>`
    : html`<span class="pill bad">✕ not ready</span> ${ready.reasons.join('; ')}`
  const link = isPaused
    ? html`<a href="/">Resume refresh</a>`
    : html`<a href="/?paused">Pause refresh</a>`
  return html`<header>
    <h1>Forewarn</h1>
    <p class="state" role="status">${state}</p>
    <p class="refresh">As of ${instant(nowMs, 'UTC')} <span class="sep">·</span> ${link}</p>
  </header>`
}

function totals({ totals: { told, resolved, retracted, applied } }: Status): Html {
  const figures = [
    ...STAGES.map((stage) => figure(stage, told[stage], stage)),
    figure('resolved', resolved, 'ended'),
    figure('retracted', retracted, 'ended'),
    figure('events applied', applied, 'ended'),
  ]
  return html`<section aria-labelledby="told">
    <h2 id="told">Since the start of this process</h2>
    <dl class="figures">${figures}</dl>
  </section>`
}

function figure(label: string, count: number, look: string): Html {
  return html`<div class="figure ${look}">
    <dt>${label}</dt>
    <dd>${count.toLocaleString('en')}</dd>
  </div>`
}

/** A failed reload stays in sight until one succeeds; of one that did, what it could not take up. */
function reloaded({ reload }: Status): Html | string {
  if (reload === undefined) return ''
  const { atMs, isOk, problems, needsRestart } = reload
  if (isOk && needsRestart.length === 0) return ''
  const lines = isOk ? needsRestart.map((path) => html`<code>${path}</code>`) : problems
  const what = isOk
    ? 'These settings differ in the file and hold from the next start on:'
    : 'The configuration is wrong. The policy from before goes on.'
  return html`<section aria-labelledby="reload">
    <h2 id="reload">Reload ${isOk ? 'in part' : 'failed'}</h2>
    <p>${instant(atMs, 'UTC')}: ${what}</p>
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>
  </section>`
}

function warnings(status: Status): Html {
  const { length } = status.warnings
  return html`<section aria-labelledby="warnings">
    <h2 id="warnings">Warnings lately</h2>
    ${length > 0 ? warningTable(status) : html`<p class="empty">No warning so far.</p>`}
  </section>`
}

function input(status: Status): Html {
  const { partitions, totals: counted } = status
  const empty = html`<p class="empty">No partition is assigned to this process yet.</p>`
  const clean = html`<p class="empty">No record was refused.</p>`
  return html`<section aria-labelledby="input">
      <h2 id="input">Input</h2>
      ${partitions.length > 0 ? partitionTable(status) : empty} ${acceptedList(status)}
    </section>
    <section aria-labelledby="dead">
      <h2 id="dead">Dead letters</h2>
      ${counted.deadLetters.length > 0 ? deadLetterTable(status) : clean}
    </section>`
}

function footer({ version, policy, startedMs, nowMs }: Status): Html {
  const policies = policy.map(
    ({ profile, hash }) => html` <span class="sep">·</span> policy ${profile} <code>${hash}</code>`,
  )
  return html`<footer>
    <p>
      Forewarn ${version}${policies} <span class="sep">·</span> running for
      ${span(nowMs - startedMs)} <span class="sep">·</span> <a href="/api/status">as JSON</a>
    </p>
  </footer>`
}
