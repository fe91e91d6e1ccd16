/** HTTP and SMTP servers on loopback that note what they are sent, and behave as badly as they are told. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { createServer as createSocketServer, type AddressInfo, type Server, type Socket } from 'node:net'

export type Behaviour = 'fine' | 'slow' | 'fails' | 'redirects' | 'resets' | 'garbage' | 'endless' | 'cutOff' | 'refuses' | 'limits'

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface HostileServer {
  readonly url: string
  readonly received: Received[]
  behaviour: Behaviour
  close(): Promise<void>
}

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

export const hostileServer = async (): Promise<HostileServer> => {
  const received: Received[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => { body += part.toString() })
    request.on('end', () => {
      received.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body })
      const answers: Record<Behaviour, () => void> = {
        fine: () => response.end('{"ok":true}'),
        slow: () => undefined,
        fails: () => response.writeHead(500).end('no'),
        redirects: () => response.writeHead(302, { location: `${made.url}/elsewhere` }).end(),
        resets: () => void request.socket.resetAndDestroy(),
        garbage: () => { request.socket.end('\u0000\u0001 this is not HTTP\r\n\r\n') },
        endless: () => {
          response.writeHead(200)
          const more = (): void => { if (!response.destroyed) response.write('x'.repeat(65_536), more) }
          more()
        },
        cutOff: () => { response.writeHead(200, { 'content-length': '100' }).write('half', () => request.socket.destroy()) },
        refuses: () => response.writeHead(401).end(),
        limits: () => response.writeHead(429, { 'retry-after': '7' }).end(),
      }
      answers[made.behaviour]()
    })
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  const made: HostileServer = {
    url: `http://127.0.0.1:${await listening(server)}`,
    received,
    behaviour: 'fine',
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return made
}

export interface MailServer {
  readonly port: number
  /** Everything the client said, line by line. */
  readonly said: string[]
  readonly messages: string[]
  /** What is answered to `RCPT TO`, to `AUTH`; nothing at all is said while silent. */
  answers: { rcpt: string; auth: string; silent: boolean }
  close(): Promise<void>
}

/** A mail server as RFC 5321 wants it, as far as one message goes. */
export const mailServer = async (): Promise<MailServer> => {
  const said: string[] = []
  const messages: string[] = []
  const sockets = new Set<Socket>()
  const server = createSocketServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    let rest = ''
    let message: string[] | undefined
    const say = (line: string): void => void socket.write(`${line}\r\n`)
    const take = (line: string): void => {
      said.push(line)
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'EHLO') say('250-mail.test\r\n250 AUTH PLAIN LOGIN')
      else if (verb === 'AUTH') say(made.answers.auth)
      else if (verb === 'RCPT') say(made.answers.rcpt)
      else if (verb === 'DATA') {
        message = []
        say('354 go on')
      } else if (verb === 'QUIT') {
        say('221 bye')
        socket.end()
      } else say('250 fine')
    }
    socket.on('data', (part) => {
      const lines = `${rest}${part.toString()}`.split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (message === undefined) take(line)
        else if (line === '.') {
          messages.push(message.join('\n'))
          message = undefined
          say('250 taken')
        } else message.push(line)
      }
    })
    if (!made.answers.silent) say('220 mail.test')
  })
  const made: MailServer = {
    port: await listening(server),
    said,
    messages,
    answers: { rcpt: '250 fine', auth: '235 welcome', silent: false },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return made
}
