import type { Practices } from '../practice.ts'

interface Addressed {
  readonly url?: string | undefined
  readonly headers: { readonly host?: string | undefined }
}

/**
 * The address as the routes have it: `/{practice}/…`, with `$` unescaped. Takes away the path that the whole server
 * stands below (`prefix`), and puts the practice in front when it was called by a host name of its own.
 */
export function rewriteUrl(practices: Practices, prefix: string) {
  return ({ url = '/', headers }: Addressed): string => {
    const mark = url.indexOf('?')
    let path = mark < 0 ? url : url.slice(0, mark)
    if (prefix !== '' && path.startsWith(`${prefix}/`)) path = path.slice(prefix.length)
    if (path.includes('%24')) path = path.replaceAll('%24', '$')
    const practice = headers.host === undefined ? undefined : practices.atHost(headers.host.replace(/:\d+$/, ''))
    if (practice && !path.startsWith(`/${practice.id}/`)) path = `/${practice.id}${path}`
    return mark < 0 ? path : path + url.slice(mark)
  }
}
