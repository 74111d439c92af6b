/** Told each statement as it is sent. */
export type OnStatement = (text: string, values: readonly unknown[], isPrepared: boolean) => void
