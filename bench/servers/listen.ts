import type { FastifyInstance } from 'fastify'

/** Listens at a port of its own and prints it; ends when it is told to. */
export async function listen(server: FastifyInstance): Promise<void> {
  await server.listen({ host: '127.0.0.1', port: 0 })
  process.once('SIGTERM', () => process.exit(0))
  process.stdout.write(`${(server.server.address() as { port: number }).port}\n`)
}
