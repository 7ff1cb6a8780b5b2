export interface DetailShell {
  /** As `webview.asWebviewUri(...)` gives them. */
  readonly scriptUri: string;
  readonly styleUri: string;
  /** Fresh for every load, `[A-Za-z0-9+/_=-]`. */
  readonly nonce: string;
  readonly cspSource: string;
  /** BCP 47. */
  readonly lang: string;
  readonly title: string;
}

/**
 * The page around the detail panel: nothing but the policy, the two files and an empty main. No connect-src, no inline
 * script. The `csp-nonce` meta is read by the component library for the style elements it makes.
 */
export function detailHtml({ scriptUri, styleUri, nonce, cspSource, lang, title }: DetailShell): string {
  const [script, style, secret, source, language, name] = [scriptUri, styleUri, nonce, cspSource, lang, title].map(
    escapeHtml,
  );
  return `<!DOCTYPE html>
<html lang="${language ?? ''}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${secret ?? ''}' ${source ?? ''}; script-src 'nonce-${secret ?? ''}'; img-src data:; font-src ${source ?? ''}">
<meta property="csp-nonce" content="${secret ?? ''}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name ?? ''}</title>
<link rel="stylesheet" nonce="${secret ?? ''}" href="${style ?? ''}">
</head>
<body>
<main id="panel"></main>
<script nonce="${secret ?? ''}" src="${script ?? ''}"></script>
</body>
</html>
`;
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/gu, (sign) => `&#${String(sign.charCodeAt(0))};`);
