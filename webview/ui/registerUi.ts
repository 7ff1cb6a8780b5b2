import { provideVSCodeDesignSystem, vsCodeButton, vsCodeProgressRing } from '@vscode/webview-ui-toolkit';

/**
 * Defines `sg-button` and `sg-progress-ring`. The toolkit is no longer maintained: only this folder knows of it, and
 * pages use our tags, so that it can be replaced here alone. Reads the nonce of the page's `csp-nonce` meta.
 */
export function registerUi(): void {
  provideVSCodeDesignSystem().withPrefix('sg').register(vsCodeButton(), vsCodeProgressRing());
}
