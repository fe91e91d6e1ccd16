/** The venues there are; whoever names one chooses from these. */
export const venueNames = ['coinbase', 'binance'] as const

export type VenueName = (typeof venueNames)[number]
