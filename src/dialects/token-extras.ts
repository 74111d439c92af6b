/** A token answer has the members of the standard and no others. */
export const noExtras = () => ({})
