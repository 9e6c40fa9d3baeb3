/** Attempts as the ring holds them: approved sales of one terminal, unless it is said otherwise. */
import { emptyAttempts, noteAttempt, transactionHash } from '../../src/core/attempts.ts'
import type { Attempt, Attempts } from '../../src/core/attempts.ts'

export const txOf = (name: number | string): number => transactionHash(`tx-${name}`)

export function attempt(name: number | string, atMs: number, more: Partial<Attempt> = {}): Attempt {
  return {
    ...{ atMs, transaction: txOf(name), card: 0, amount: 100, terminalId: 'T1' },
    ...{ responseCode: '', issuer: '', isInMoney: true, isApproved: true, isSale: true },
    ...{ isTallied: true, isCarded: false, isVoided: false, isActivity: true, isAttempt: true },
    ...more,
  }
}

export function ringOf(...all: Attempt[]): Readonly<{ attempts: Attempts; entered: boolean[] }> {
  const attempts = emptyAttempts()
  const entered = all.map((it) => noteAttempt(attempts, it, undefined))
  return { attempts, entered }
}
