import { isIPv6 } from 'node:net'

/** What limits count requests under: an address, or of IPv6 the network (/64), within which one machine has any address. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? []
  const first = head.split(':').filter((group) => group !== '')
  const last = tail.split(':').filter((group) => group !== '')
  const left = address.includes('::') ? Array<string>(8 - first.length - last.length).fill('0') : []
  const groups = [...first, ...left, ...last].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
