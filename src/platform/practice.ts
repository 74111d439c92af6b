import type { PracticeSettings } from './practice-settings.ts'

/** Who a practice is and where it lives. */
export interface PracticeProfile
  extends Pick<
    PracticeSettings,
    'npi' | 'address' | 'phone' | 'contact' | 'logo' | 'timeZone' | 'path' | 'hostName' | 'dialect'
  > {
  /** The key of its rows. */
  readonly number: number
  /** Its name in commands and, without `path`, in addresses. */
  readonly id: string
  readonly name: string
}
