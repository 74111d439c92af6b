import type { Settings } from '#config'

/** A job may hold a connection for as long as it reads: it has one of its own, so that requests don't wait for it. */
export function withJobConnections(settings: Settings, slots: number): Settings {
  return { ...settings, databaseConnections: settings.databaseConnections + slots }
}
