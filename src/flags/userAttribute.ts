/** The attribute of a context that a system's SDKs know users by, where a person names none. */
export const userAttribute = (systemType: string): string => (systemType === 'unleash' ? 'userId' : 'targetingKey');
