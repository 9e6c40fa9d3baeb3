/** What the generator plans: events with their arrival, in the shape in which they are written. */
import { utcText, type Place } from './civil.ts'

export type Authorisation = Readonly<{
  transactionId: string
  terminalId: string
  mti: string
  processingCode?: string
  /** Integer minor units. */
  amount: number
  currency: string
  responseCode: string
  approved: boolean
  stan?: string
  rrn?: string
  entryMode?: string
  cvm?: string
  cardToken?: string
  last4?: string
  cardType?: string
  cardFlag?: 'owner' | 'staff'
  scheme?: string
  issuerId?: string
  channel?: string
  offline?: boolean
  forwardedAt?: string
}>

/** Of a void and of a reversal; of a partial one `amount` is the part that is given back. */
export type Undoing = Readonly<{
  originalTransactionId: string
  originalTime: string
  terminalId: string
  cardToken?: string
  amount: number
  currency: string
  reversalType?: 'system-timeout' | 'merchant-void' | 'partial'
  sameDay?: boolean
}>

export type Refund = Readonly<{
  transactionId: string
  terminalId: string
  amount: number
  currency: string
  originalTransactionId?: string
  cardToken?: string
  /** Absent means true. */
  matched?: boolean
  matchFailure?: 'no-original' | 'exceeds-remaining' | 'different-card' | 'cash'
  cashierId?: string
}>

export type Role = 'primary' | 'backup' | 'training' | 'test'

/** The types that the truth reads, and the rest, which only make the stream look like life. */
export type Body =
  | Readonly<{ type: 'card.authorisation'; data: Authorisation }>
  | Readonly<{ type: 'card.void' | 'card.reversal'; data: Undoing }>
  | Readonly<{
      type: 'terminal.delivered' | 'terminal.activated'
      data: Readonly<{ terminalId: string; serialNo: string; role?: Role }>
    }>
  | Readonly<{
      type: 'terminal.replaced'
      data: Readonly<{
        terminalId: string
        oldSerialNo: string
        newSerialNo: string
        newTerminalId?: string
      }>
    }>
  | Readonly<{ type: 'terminal.retired'; data: Readonly<{ terminalId: string }> }>
  | Readonly<{ type: 'terminal.role-changed'; data: Readonly<{ terminalId: string; role: Role }> }>
  | Readonly<{
      type: 'terminal.heartbeat'
      data: Readonly<{ terminalId: string; storedOfflineCount?: number }>
    }>
  | Readonly<{ type: 'merchant.pause.declared'; data: Readonly<{ from: string; to: string }> }>
  | Readonly<{ type: 'merchant.pause.ended'; data: object }>
  | Readonly<{ type: 'card.refund'; data: Refund }>
  | Readonly<{ type: 'merchant.registered'; data: Readonly<{ mcc: string }> }>
  | Readonly<{ type: 'merchant.profile-changed'; data: Readonly<{ migratedAt: string }> }>
  | Readonly<{
      type: 'terminal.fault' | 'terminal.recovered'
      data: Readonly<{ terminalId: string; faultClass: string }>
    }>
  | Readonly<{
      type: 'merchant.reverified'
      data: Readonly<{ result: 'success' | 'fail'; asOf?: string }>
    }>
  | Readonly<{ type: 'fee.invoiced'; data: Invoice }>
  | Readonly<{
      type: 'fee.payment.received'
      data: Readonly<{ invoiceId: string; amount: number; currency: string; method?: string }>
    }>
  | Readonly<{ type: 'fee.written-off'; data: Readonly<{ invoiceId: string }> }>
  | Readonly<{
      type: 'fee.disputed'
      data: Readonly<{ invoiceId: string; status: 'open' | 'accepted' | 'rejected' }>
    }>
  | Readonly<{
      type: 'fee.collection.failed'
      data: Readonly<{ invoiceId: string; failureCode?: string }>
    }>
  | Readonly<{
      type: 'balance.negative'
      data: Readonly<{ balance: number; currency: string; causes?: readonly string[] }>
    }>
  | Readonly<{
      type: 'kyc.document.updated' | 'kyc.document.expiring' | 'kyc.document.rejected'
      data: Paper
    }>
  | Readonly<{ type: 'payout.scheduled' | 'payout.completed'; data: Payout }>
  | Readonly<{
      type: 'payout.failed' | 'payout.returned'
      data: Readonly<{
        payoutId: string
        returnCode: string
        accountRef?: string
        returnScheme?: string
      }>
    }>
  | Readonly<{ type: Ending; data: object }>
  | Readonly<{ type: Scenery; data: object }>

export type Ending =
  | 'cancellation.requested'
  | 'cancellation.withdrawn'
  | 'cancellation.completed'
  | 'account.deregistered'

type Scenery =
  | 'terminal.registered'
  | 'batch.closed'
  | 'account.suspended'
  | 'account.reinstated'
  | 'account.deregistration.scheduled'
  | 'settlement.account.changed'

export type Paper = Readonly<{
  documentId: string
  docType: string
  numberMasked?: string
  /** A civil date. */
  validTo?: string
  longTerm?: boolean
  status?: 'valid' | 'pending'
}>

export type Payout = Readonly<{
  payoutId: string
  net: number
  currency: string
  accountRef?: string
}>

export type Invoice = Readonly<{
  invoiceId: string
  feeType: string
  amount: number
  currency: string
  /** Civil dates. */
  dueDate: string
  method?: 'offset' | 'debit' | 'transfer'
  suspendAt?: string
}>

export type Planned = Readonly<{
  arriveMs: number
  /** When it happened; never after its arrival. */
  timeMs: number
  source: string
  id: string
}> &
  Body

/** One NDJSON line, without the line feed: the plain envelope with its arrival. */
export function lineOf(event: Planned, merchantId: string, place: Place): string {
  return (
    `{"specversion":"1.0","id":"${event.id}","source":"${event.source}","type":"${event.type}",` +
    `"subject":"${merchantId}","time":"${place.stamp(event.timeMs)}","tenantid":"acq-a",` +
    `"receivedat":"${utcText(event.arriveMs)}","data":${JSON.stringify(event.data)}}`
  )
}
