package shop.invoices;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class Invoices {
    public static void main(String[] arguments) throws Exception {
        Features.start(System.getenv("FLAG_FILE"));
        SpringApplication.run(Invoices.class, arguments);
    }
}
