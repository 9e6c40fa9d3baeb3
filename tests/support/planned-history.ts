/** A history told by hand, and what the simulator's recount makes of it. */
import { dayFrom, placeOf } from '../../src/fleet/civil.ts'
import type { Body, Planned } from '../../src/fleet/planned.ts'
import { recount } from '../../src/fleet/recount.ts'

const PLACE = placeOf('Asia/Shanghai')
/** 2026-01-01, which is day 0. */
export const FIRST = dayFrom('2026-01-01')
const MINUTE = 60_000

/** Days count from `FIRST`; minutes are of the local day. */
export type When = readonly [day: number, minute: number]

function msOf([day, minute]: When): number {
  return PLACE.startMs(FIRST + day) + minute * MINUTE
}

/** Events arrive a second after they happen, or when they are told. */
export function plannedHistory(exponent = 2, mcc = '5812') {
  const events: Planned[] = []
  const say = (when: When, body: Body, told?: When) => {
    const timeMs = msOf(when)
    const arriveMs = told === undefined ? timeMs + 1_000 : msOf(told)
    events.push({ arriveMs, timeMs, source: 'urn:x:1', id: `e${events.length}`, ...body })
  }
  /** `stage day` of each record of one detector, after its subject where there are several. */
  const told = (detector: string, untilDay: number, isBySubject = false) => {
    const inOrder = events.toSorted((a, b) => a.arriveMs - b.arriveMs)
    const who = { place: PLACE, mcc, exponent }
    return recount(who, inOrder, msOf([untilDay, 2]))
      .filter((one) => one.detector === detector)
      .map(({ subject, stage, date }) => {
        const text = `${stage} ${dayFrom(date) - FIRST}`
        return isBySubject ? `${subject} ${text}` : text
      })
  }
  return { say, told }
}
