import { execFileSync } from 'node:child_process'

/** Black-box tests run the compiled command, as users do. */
export const setup = (): void => {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' })
}
