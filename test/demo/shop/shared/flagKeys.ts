/** Flags that more than one place asks for. Defined in flags/prod.flagd.json. */
export enum Flag {
  NewCheckout = 'new-checkout',
  RankedSearch = 'ranked-search',
  FraudScreening = 'fraud-screening',
  WalletPayments = 'wallet-payments',
}

/** Everyone has it; the flag and its old branch can go. */
export const REGIONAL_DELIVERY = 'regional-delivery';
