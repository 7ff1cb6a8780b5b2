import { csharpOfRazor } from '../embed/razor';
import { csharp } from './csharp';
import type { LanguageSupport } from './language';

/** Templates of ASP.NET and Blazor: the C# behind `@`. */
export const razor: LanguageSupport = {
  ...csharp,
  id: 'aspnetcorerazor',
  extensions: ['.cshtml', '.razor'],
  excluded: [],
  host: { read: csharpOfRazor },
};
