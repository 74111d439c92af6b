/** An address that somebody registered, as it may stand in a link or image; undefined when a page must not follow it. */
export function safeUrl(text: string | undefined, protocols: readonly string[] = ['https:']): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined
  const url = new URL(text) // takes away the control characters that browsers overlook in front of "javascript:"
  return protocols.includes(url.protocol) && url.username === '' && url.password === '' ? url.href : undefined
}
