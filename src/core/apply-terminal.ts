/** Deliveries, activations, roles, swaps and heartbeats. */
import type { EventOf, TerminalEvent } from '../events/event.ts'
import type { Applying } from './applying.ts'
import { insertTime, tellRole, terminalOf } from './terminals.ts'
import type { Terminal } from './terminals.ts'
import type { EpochMs } from './time.ts'

export function applyTerminal(applying: Applying, event: TerminalEvent): void {
  const { account, atMs, changes } = applying
  const { facts } = account
  switch (event.type) {
    case 'terminal.registered':
    case 'terminal.delivered':
    case 'terminal.activated': {
      const terminal = terminalOf(facts.terminals, event.data.terminalId)
      if (event.data.role !== undefined) tellRole(terminal, event.data.role, atMs)
      if (event.type === 'terminal.delivered') insertTime(terminal.deliveries, atMs)
      if (event.type === 'terminal.activated') activate(applying, terminal)
      return told(applying)
    }
    case 'terminal.role-changed':
      tellRole(terminalOf(facts.terminals, event.data.terminalId), event.data.role, atMs)
      return told(applying)
    case 'terminal.retired':
      retire(terminalOf(facts.terminals, event.data.terminalId), atMs)
      return told(applying)
    case 'terminal.replaced':
      replace(applying, event)
      return told(applying)
    case 'terminal.recovered': {
      const terminal = terminalOf(facts.terminals, event.data.terminalId)
      terminal.recoveredMs = Math.max(atMs, terminal.recoveredMs)
      account.dirty.facts = true
      return
    }
    case 'terminal.heartbeat': {
      const terminal = terminalOf(facts.terminals, event.data.terminalId)
      const hasBacklog = (event.data.storedOfflineCount ?? 0) > 0
      if (terminal.hasBacklog === hasBacklog) return
      terminal.hasBacklog = hasBacklog
      account.dirty.now = true
      changes.add('backlog')
      return
    }
    default:
  }
}

function told({ account, changes }: Applying): void {
  account.dirty.facts = true
  account.dirty.now = true
  changes.add('terminals')
}

/** The first is final, whichever is heard of first. */
function retire(terminal: Terminal, atMs: EpochMs): void {
  terminal.retiredMs = Math.min(atMs, terminal.retiredMs ?? Infinity)
}

function activate({ account, atMs, zone, changes }: Applying, terminal: Terminal): void {
  const { facts } = account
  const on = zone.dayOf(atMs)
  insertTime(terminal.activations, atMs)
  facts.activatedOn = Math.min(on, facts.activatedOn ?? Infinity)
  if (facts.lifecycle !== 'pending-activation') return
  facts.lifecycle = 'active'
  changes.add('lifecycle')
}

/** Under a new id the role, the activity and the activations move along; a swap is no activity. */
function replace({ account, atMs }: Applying, { data }: EventOf<'terminal.replaced'>): void {
  const { terminals } = account.facts
  const old = terminalOf(terminals, data.terminalId)
  insertTime(old.replacements, atMs)
  const { newTerminalId } = data
  if (newTerminalId === undefined || newTerminalId === data.terminalId) return
  old.successor = newTerminalId
  const successor = terminalOf(terminals, newTerminalId)
  for (const { role, atMs: toldMs } of old.roles) tellRole(successor, role, toldMs)
  for (const at of old.activations) insertTime(successor.activations, at)
  const activity = [...old.activity, ...successor.activity]
  const byDate = new Map(old.activity.map((it) => [it.on, { ...it }]))
  for (const it of successor.activity) {
    const known = byDate.get(it.on)
    if (known === undefined) byDate.set(it.on, it)
    else known.count += it.count
  }
  successor.activity = [...byDate.values()].sort((a, b) => a.on - b.on).slice(-2)
  if (activity.length > 0) account.dirty.now = true
}
