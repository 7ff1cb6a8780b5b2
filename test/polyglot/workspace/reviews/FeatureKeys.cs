namespace Shop.Reviews;

/// <summary>Flags that more than one place asks for. Defined in flags/prod.flagd.json.</summary>
public static class FeatureKeys
{
    public const string NewPricing = "new-pricing";
}
