/** Telegram's bot API: `POST /bot<token>/sendMessage`, plain text, at most 4,096 characters (https://core.telegram.org/bots/api#sendmessage). */
import type { Notifier } from '../../ports/notifier.ts'
import { sendOnce, type Sending } from './http.ts'

export interface TelegramOptions extends Sending {
  readonly name: string
  /** Of the bot API's server, without a slash at the end. */
  readonly baseUrl: string
  readonly token: string
  /** A chat's number, or `@channel`. */
  readonly chat: string
}

const longestText = 4_096

export const telegramNotifier = ({ name, baseUrl, token, chat, ...sending }: TelegramOptions): Notifier => ({
  name,
  deliver: ({ severity, title, text }) =>
    sendOnce(
      {
        method: 'POST',
        url: new URL(`${baseUrl}/bot${encodeURIComponent(token).replace('%3A', ':')}/sendMessage`),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ chat_id: chat, text: `${title}\n${text}`.slice(0, longestText), disable_notification: severity === 'info', link_preview_options: { is_disabled: true } }),
      },
      sending,
    ),
})
