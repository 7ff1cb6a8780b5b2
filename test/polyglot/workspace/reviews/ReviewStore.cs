namespace Shop.Reviews;

/// <summary>What customers wrote of the products.</summary>
public class ReviewStore
{
    private readonly Dictionary<string, string[]> _reviews = new() { ["kettle"] = ["Boils."], ["lamp"] = ["Shines."] };

    public Task<string[]> ReadAsync(string product) => Task.FromResult(_reviews.GetValueOrDefault(product, []));

    /// <summary>The reviews with what was paid; throws when a price is not known.</summary>
    public async Task<string[]> WithPricesAsync(string product)
    {
        var reviews = await ReadAsync(product);
        return reviews.Select(review => $"{review} (paid {Prices.Of(product)})").ToArray();
    }
}
