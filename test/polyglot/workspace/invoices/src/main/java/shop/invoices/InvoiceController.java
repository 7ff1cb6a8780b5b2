package shop.invoices;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.OpenFeatureAPI;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
@RequestMapping("/invoices")
class InvoiceController {
    private final Client flags = OpenFeatureAPI.getInstance().getClient("invoices");

    @GetMapping("/{number}")
    Map<String, Object> invoice(
            @PathVariable("number") String number,
            @RequestHeader("x-customer-id") String customer,
            @RequestHeader("x-cohort") int cohort)
            throws InterruptedException {
        if (flags.getBooleanValue(Features.NEW_PRICING, false, Features.contextOf(customer, cohort))) {
            waitAbout(820);
            if (ThreadLocalRandom.current().nextInt(5) == 0) {
                throw new ResponseStatusException(HttpStatus.INTERNAL_SERVER_ERROR, "a line without a price");
            }
            return Map.of("number", number, "total", 3580);
        }
        waitAbout(600);
        return Map.of("number", number, "total", 3980);
    }

    /** Stands in for a database: waits about so long, a sixth more or less. */
    private static void waitAbout(int milliseconds) throws InterruptedException {
        Thread.sleep((long) (milliseconds * ThreadLocalRandom.current().nextDouble(0.85, 1.15)));
    }
}
