/** The little of asterisk-manager 0.2.0 that we use; it ships no types. */
declare module 'asterisk-manager' {
  export default class Manager {
    constructor()
    options: { username: string; password: string; events: boolean }
    /** Goes to `net.createConnection(port, host)`, so an options object with an abort signal will do as `port`. */
    connect(port: object, host?: undefined): void
    /** `done` is called with the answer's message when refused, else without. */
    login(done: (refused?: unknown) => void): void
    action(fields: Record<string, string>, done?: () => void): void
    disconnect(): void
    on(event: string, listener: (...facts: unknown[]) => void): void
    emit(event: string, ...facts: unknown[]): void
    removeAllListeners(event: string): void
  }
}
