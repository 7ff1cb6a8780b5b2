using Microsoft.AspNetCore.Mvc;
using OpenFeature;
using OpenFeature.Model;

namespace Shop.Reviews;

[ApiController]
[Route("reviews")]
public class ReviewsController : ControllerBase
{
    private readonly IFeatureClient _flags;
    private readonly ReviewStore _store;

    public ReviewsController(IFeatureClient flags, ReviewStore store)
    {
        _flags = flags;
        _store = store;
    }

    [HttpGet("{product}")]
    public async Task<IActionResult> Show(string product)
    {
        var context = EvaluationContext.Builder()
            .SetTargetingKey(Request.Headers["x-customer-id"].ToString())
            .Set("cohort", int.Parse(Request.Headers["x-cohort"].ToString()))
            .Build();
        if (await _flags.GetBooleanValueAsync(FeatureKeys.NewPricing, false, context))
        {
            return Ok(await _store.WithPricesAsync(product));
        }
        return Ok(await _store.ReadAsync(product));
    }
}
