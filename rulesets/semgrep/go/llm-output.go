package fixtures

import (
	"database/sql"
	"html/template"
	"os/exec"

	openai "github.com/sashabaranov/go-openai"
)

func act(ctx context.Context, client *openai.Client, db *sql.DB) error {
	resp, err := client.CreateChatCompletion(ctx, request)
	answer := resp.Choices[0].Message.Content
	// ruleid: go-llm-output-dangerous-use
	exec.Command("sh", "-c", answer).Run()
	// ruleid: go-llm-output-dangerous-use
	db.Exec(answer)
	// ruleid: go-llm-output-dangerous-use
	page := template.HTML(answer)
	// ok: go-llm-output-dangerous-use
	db.Exec("INSERT INTO note (text) VALUES (?)", answer)
	// ok: go-llm-output-dangerous-use
	fmt.Println(answer)
	if !slices.Contains(actions, answer) {
		return err
	}
	// ok: go-llm-output-dangerous-use
	exec.Command("sh", "-c", answer).Run()
	return nil
}
